/**
 * base/scope - cleanup at the end of a block, for things that hold the outside world.
 * Layer: base.
 *
 * AW_SCOPE(aw_tx) tx = { 0 };  calls aw_tx_done(&tx) when tx leaves its block. Every *_done()
 * accepts a zeroed struct and may be called twice. Plain data lives in an arena instead.
 */
#ifndef AW_BASE_SCOPE_H
#define AW_BASE_SCOPE_H

#define AW_SCOPE(type) __attribute__((cleanup(type##_done))) struct type

/* For handles of other libraries: declares aw_scope_<name>() that calls free_fn on a non-NULL handle,
 * to be used as AW_SCOPED(name, type *) h = NULL; */
#define AW_SCOPE_HANDLE(name, type, free_fn)                                                       \
	static inline void aw_scope_##name(                                                        \
		type *h) /* NOLINT(bugprone-macro-parentheses): a type in a declaration */         \
	{                                                                                          \
		if (*h != NULL)                                                                    \
			free_fn(*h);                                                               \
	}
#define AW_SCOPED(name, type) __attribute__((cleanup(aw_scope_##name))) type

#endif
