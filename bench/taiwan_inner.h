/* bench/taiwan_inner - what the parts of the made-up Taiwan tell each other. */
#ifndef AW_BENCH_TAIWAN_INNER_H
#define AW_BENCH_TAIWAN_INNER_H

#include "bench/taiwan.h"

/** A given name for somebody born in that year; as wide as Taiwan's are. */
void tw_given(struct aw_random *random, int32_t year, char sex, char *out, size_t size_bytes);
/** A surname, of the rare ones too. */
const char *tw_surname(struct aw_random *random);
/** County, district, village and road, by population. */
void tw_place_draw(struct aw_random *random, struct tw_place *place);
/** Another character that is heard like it, or looks like it; NULL: none known. Static. */
const char *tw_sounds_like(struct aw_random *random, uint32_t c);
const char *tw_looks_like(struct aw_random *random, uint32_t c);
/** Any character of given names. */
const char *tw_any_character(struct aw_random *random);

#endif
