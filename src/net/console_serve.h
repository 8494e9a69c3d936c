/**
 * net/console_serve - a command's work done by the server, asked over the socket beside the
 * database: POST /console/NAME?options with the input as its body.
 * Layer: net, private.
 *
 * The reply is what the command prints; Anwang-Exit names its exit code. An error is JSON:
 * status, text, file, line, column.
 */
#ifndef AW_NET_CONSOLE_SERVE_H
#define AW_NET_CONSOLE_SERVE_H

#include "net/console.h"
#include "net/request.h"

void aw_console_serve(struct aw_house *house, struct aw_request *request, struct aw_reply *reply);

/** Who commands act as: console:<user>, without an account. In the arena. */
struct aw_viewer aw_console_viewer(struct aw_arena *arena, const char *user);

#endif
