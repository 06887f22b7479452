#ifndef HEEDAUDIT_CZLIB_SHIM_H
#define HEEDAUDIT_CZLIB_SHIM_H

#include <zlib.h>

// `inflateInit2` is a macro, which Swift can't call.
static inline int heed_inflate_begin(z_stream *stream, int window) { return inflateInit2(stream, window); }

#endif
