/**
 * rule/fold - upper and lower case of Latin, Greek and Cyrillic letters.
 * Layer: rule.  Threads: pure.
 */
#ifndef AW_RULE_FOLD_H
#define AW_RULE_FOLD_H

#include <stdint.h>

uint32_t aw_lower(uint32_t c);
uint32_t aw_upper(uint32_t c);

#endif
