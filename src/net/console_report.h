/**
 * net/console_report - `anwang report`: takes reports in, screens them, says what came out.
 * Layer: net.  Threads: a console's.  Example: tests/net/test_console_report.c
 */
#ifndef AW_NET_CONSOLE_REPORT_H
#define AW_NET_CONSOLE_REPORT_H

#include "net/console.h"

/**
 * Options: file (names the input in errors), at (business time), mapping (code of the policy's
 * mappings, or the name of the file), mapping_bytes (the body begins with the text of a mapping
 * file of that length). Body: one JSON report, a list of them, JSON lines, or with a mapping CSV.
 * Each report is one unit of work; out has one JSON line a report. Reports that are refused have
 * a line too, and the others go on; a single one that is refused is the command's error.
 */
aw_console_fn aw_console_report;

#endif
