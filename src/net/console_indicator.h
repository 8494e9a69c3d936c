/**
 * net/console_indicator - `anwang indicator`: counts, prints, and says so in the log.
 * Layer: net.  Threads: a console's.
 */
#ifndef AW_NET_CONSOLE_INDICATOR_H
#define AW_NET_CONSOLE_INDICATOR_H

#include "net/console.h"

/** Options: id, definition, period, by, as-of, format, rows ("1"). See city/indicator/indicator.h. */
aw_console_fn aw_console_indicator;

#endif
