/* SPDX-License-Identifier: Apache-2.0
 *
 * Replays a run of the transistor level in plain ngspice, which knows nothing of the crossbar: with
 * the crossbar as resistors where that is quick, else with the currents that the run recorded,
 * which XSPICE's filesource reads.
 */
#include <math.h>

#include "compiler/base/fs.h"
#include "compiler/base/str.h"
#include "spice/device_part.h"

enum { HARMONICS = 12 };

static const double turn = 6.283185307179586476925;

/* The phase of a point of the orbit is its angle and a little that repeats each turn: its Fourier
 * coefficients, so that ngspice can do it. */
static void fit_phase(const struct device *d, double *mean, double *cosine, double *sine)
{
    enum { POINTS = 512 };
    *mean = 0;
    for (int h = 0; h < HARMONICS; h++)
        cosine[h] = sine[h] = 0;
    for (int k = 0; k < POINTS; k++) {
        double angle = turn * k / POINTS, off = device_phase_of_angle(d, angle) - angle;
        *mean += off / POINTS;
        for (int h = 0; h < HARMONICS; h++) {
            cosine[h] += 2 * off * cos((h + 1) * angle) / POINTS;
            sine[h] += 2 * off * sin((h + 1) * angle) / POINTS;
        }
    }
}

static void add_phases(const struct device *d, struct str *out)
{
    double mean, cosine[HARMONICS], sine[HARMONICS];
    double cycles = d->setting->carrier_cycles;
    fit_phase(d, &mean, cosine, sine);
    str_add(out, ".control\nset numdgt=12\nrun\nlet last=length(time)-1\n");
    for (size_t i = 0; i < (size_t)d->chip->n + (size_t)d->chip->m; i++) {
        const uint32_t *line = d->line + DEVICE_NODES * i;
        const char *const *names = d->nodes.names;
        str_addf(out, "let angle=ph(v(%s)[last]-v(%s)[last]+i*(v(%s)[last]-v(%s)[last]))\n",
                 names[line[0]], names[line[1]], names[line[2]], names[line[3]]);
        str_addf(out, "let phase%zu=angle%+.12g\n", i, mean - turn * (cycles - floor(cycles)));
        for (int h = 0; h < HARMONICS; h++)
            str_addf(out, "let phase%zu=phase%zu%+.9g*cos(%d*angle)%+.9g*sin(%d*angle)\n", i, i,
                     cosine[h], h + 1, sine[h], h + 1);
        str_addf(out, "print phase%zu\n", i);
    }
    str_add(out, "quit 0\n.endc\n.end\n");
}

/* The engine's steps make every oscillator slower by a share of (2 pi / steps)^2 / 12, which is
 * what the trapezoidal rule does to a sine. Plain ngspice, which stops at each recorded point,
 * takes smaller steps; for it the recording, and the run, are shorter by as much. */
static double stretch(void)
{
    return 1 - turn * turn / (12. * DEVICE_STEPS * DEVICE_STEPS);
}

/* The equivalents of the deck with recorded sources: a file for each node but mid-rail, which a
 * source holds. With more than two outputs filesource writes past its memory when the run starts
 * from initial conditions (ngspice 39), so each has one. It counts a current into itself. */
static void add_drive(const struct network *network, const char *const *names, struct str *out)
{
    for (size_t k = 1; k < network->count; k++) {
        network_add_conductance(network, k, names[k], out);
        str_addf(out,
                 "a%zu %%i([%s]) drive%zu\n.model drive%zu filesource (file=\"drive.%05zu\" "
                 "amploffset=[0] amplscale=[-1] timeoffset=0 timescale=%.12g timerelative=false "
                 "amplstep=false)\n",
                 k, names[k], k, k, k - 1, stretch());
    }
}

int device_write_replay(struct arena *arena, const struct device *device,
                        const struct network *network, const char *const *names, bool recorded,
                        const char *folder)
{
    struct str text = {0};
    str_addf(&text,
             "* the same run in plain ngspice, its crossbar %s\n* printed: phase<i> in rad, modulo "
             "a turn\n.include " DEVICE_CIRCUIT_NAME "\n",
             recorded ? "as recorded currents" : "as resistors");
    if (recorded)
        add_drive(network, names, &text);
    else
        network_add_resistors(network, names, &text);
    device_add_analysis(device, recorded ? stretch() : 1, &text);
    add_phases(device, &text);
    int error = fs_write_text(arena, folder, "replay.spice", &text);
    str_add(&text, "#!/bin/sh\n# replays this run with plain ngspice and prints its final phases\n"
                   "cd \"$(dirname \"$0\")\" || exit\n");
    if (recorded) /* a file for each node, a line for each point */
        str_addf(&text,
                 "rows=$(($(wc -c <" NETWORK_DRIVE_NAME ") / %zu))\n"
                 "od -An -v -t f4 -w8 " NETWORK_DRIVE_NAME " | split -d -a 5 -l $rows - drive.\n",
                 8 * (network->count - 1));
    str_add(&text, "exec ngspice -b replay.spice\n");
    return error ? error : fs_write_text(arena, folder, "run.sh", &text);
}
