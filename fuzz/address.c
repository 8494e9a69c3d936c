/* fuzz/address - any bytes as an address and as a name: read, shown, read again. */
#include "text/address.h"
#include "text/fold.h"
#include "text/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_str text = { (const char *)data, size }, first, second;
	struct aw_address address;
	struct aw_name_form form;

	aw_address_read(&arena, text, &address);
	aw_address_read(&arena, aw_str(aw_address_text(&arena, &address)), &address);
	aw_name_split(&arena, text, &first, &second);
	aw_name_read(&arena, first, &form);
	(void)aw_surname_count(&form);
	(void)aw_name_likeness(first, second);
	return 0;
}
