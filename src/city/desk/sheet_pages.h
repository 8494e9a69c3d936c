/**
 * city/desk/sheet_pages - decision tables of a draft through a spreadsheet: out, compared, kept.
 * Layer: city, room desk.  Example: tests/net/test_sheets.c
 *
 * A file comes in a form's field as base64url: the door takes forms and JSON and nothing else, a form has its
 * token and its limit already, and a sheet of a table is some ten thousand bytes. A script of the page puts
 * it there (assets/anwang.js); without script the sheet's text is pasted. Between comparing and keeping
 * nothing is stored: the page holds the sheet, and keeping reads it once more, under the version that was
 * looked at.
 */
#ifndef AW_CITY_DESK_SHEET_PAGES_H
#define AW_CITY_DESK_SHEET_PAGES_H

#include "page/call.h"

extern const struct aw_view_type aw_sheets_view;

aw_handler_fn aw_sheets_show;	  /* GET /policy/drafts/{number}/sheets */
aw_handler_fn aw_sheet_file;	  /* GET .../sheets/{file} */
aw_handler_fn aw_sheet_read_post; /* POST .../sheets   sheet or file */
aw_handler_fn
	aw_sheet_keep_post; /* POST .../sheets/keep   sheet, version: the one that was looked at */

#endif
