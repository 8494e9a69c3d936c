/**
 * text/address - an address of Taiwan in its parts.
 * Layer: text.  Threads: any.  Example: tests/text/test_address.c
 *
 * 縣市 鄉鎮市區 村里 鄰 路街(段) 巷 弄 號(之) 樓(之) 室. Any part may be missing: hills of Keelung often
 * have a lane and no road. Numerals are read in Chinese, half and full width; 台 is 臺; names before
 * the mergers of 2010 and 2014 read as today's (臺北縣板橋市 -> 新北市板橋區, 桃園縣 -> 桃園市). What the parser
 * could not place stays in `rest`; nothing is guessed from a road's name.
 */
#ifndef AW_TEXT_ADDRESS_H
#define AW_TEXT_ADDRESS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* Text parts are in the arena, NULL when absent; numbers are 0 when absent. */
struct aw_address {
	const char *county;   /* 基隆市 */
	const char *district; /* 信義區 */
	const char *village;  /* 東信里 */
	int32_t neighbourhood;
	const char *road; /* 東信路, 復興北路二段 (the section in Chinese numerals) */
	const char *lane; /* "177", or a named lane: 源遠 */
	const char *alley;
	int32_t number;
	int32_t number_sub; /* 12號之3, 12之3號 */
	int32_t floor;	    /* below ground negative */
	int32_t floor_sub;
	const char *room;
	const char *rest;
};

/** Parses an address; never fails: what is not understood is `rest`. */
void aw_address_read(struct aw_arena *arena, struct aw_str typed, struct aw_address *ret_address);
/** One line in the usual order. */
char *aw_address_text(struct aw_arena *arena, const struct aw_address *address);

#endif
