/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/base/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t requested;

static void on_signal(int signal_number)
{
    requested = 1;
    /* a second one ends the program at once */
    signal(signal_number, SIG_DFL);
}

void interrupt_install(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* write() then fails, and what was begun is removed */
}

bool interrupt_requested(void)
{
    return requested;
}
