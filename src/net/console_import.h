/**
 * net/console_import - `anwang import`: loads an extract of a register.
 * Layer: net.  Threads: a console's.  Example: tests/net/test_console_import.c
 */
#ifndef AW_NET_CONSOLE_IMPORT_H
#define AW_NET_CONSOLE_IMPORT_H

#include "net/console.h"

/**
 * Options: register (code), file (names the input), day (of the extract: any printed form), rejected
 * (path that the rows put aside are written to, mode 0600). Body: the table, CSV in UTF-8 or Big5,
 * ODS or XLSX. out: one JSON line of counts.
 */
aw_console_fn aw_console_import;

#endif
