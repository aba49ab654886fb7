/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a Verilog test bench in a simulator: sources are files of netlist/rtl and tests/rtl; the
 * bench reads the file +in=PATH and writes the file +out=PATH.
 */
#ifndef OSCC_TESTS_RTL_BENCH_H
#define OSCC_TESTS_RTL_BENCH_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum rtl_simulator { RTL_ICARUS, RTL_VERILATOR };

__attribute__((format(printf, 1, 2))) static inline int rtl_shell(const char *format, ...)
{
    char command[8192];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(command, sizeof command, format, args);
    va_end(args);
    return length < (int)sizeof command ? system(command) : -1;
}

/* Builds test bench `top` (module and file tests/rtl/<top>.v) with `sources` of netlist/rtl (names
 * without folder, blanks between) and parameters "-PNAME=VALUE ..." into folder. 0 when good; what
 * the tool says is in folder/build.log. */
static inline int rtl_build(enum rtl_simulator simulator, const char *top, const char *sources,
                            const char *parameters, const char *folder)
{
    const char *rtl = OSCC_RTL, *tests = OSCC_TEST_DATA "/rtl";
    if (simulator == RTL_ICARUS)
        return rtl_shell("mkdir -p %s && cd %s && iverilog -g2005 -o icarus -s %s "
                         "$(for p in %s; do echo -P%s.${p#-P}; done) %s/%s.v "
                         "$(for s in %s; do echo %s/$s; done) >>build.log 2>&1",
                         folder, folder, top, parameters, top, tests, top, sources, rtl);
    return rtl_shell("mkdir -p %s && cd %s && verilator --binary -O3 -Wno-lint -Wno-style -j 2 "
                     "--top %s -Mdir obj -o ../verilated $(for p in %s; do echo -G${p#-P}; done) "
                     "%s/%s.v $(for s in %s; do echo %s/$s; done) >>build.log 2>&1",
                     folder, folder, top, parameters, tests, top, sources, rtl);
}

/* Runs what rtl_build() made, in its folder. 0 when the simulator ended well. */
static inline int rtl_run(enum rtl_simulator simulator, const char *folder, const char *in,
                          const char *out)
{
    return rtl_shell("cd %s && ./%s +in=%s +out=%s >run.log 2>&1", folder,
                     simulator == RTL_ICARUS ? "icarus" : "verilated", in, out);
}

#endif
