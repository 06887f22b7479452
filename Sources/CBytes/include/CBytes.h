// Bytes looked over sixteen at a time, memory asked for before it is needed, and files written past the page cache.
//
// All but the last is inlined into the Swift code that calls it. Nothing writes outside the ranges it is given, unless it
// says so; what is read beside them is on the same page and of no consequence.
#ifndef HEEDAUDIT_CBYTES_H
#define HEEDAUDIT_CBYTES_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Lets an open file be written past the page cache (open(2), O_DIRECT), or through it again. Returns whether it is so now;
// a file system that can't do it may say so only when the file is written.
_Bool heed_set_direct(int descriptor, _Bool wanted);

// Keeps blocks of memory of 4 MiB and more apart, so that each goes back to the system when it is freed (mallopt(3)); by
// itself glibc holds on to blocks of up to 32 MiB once it has seen some. Smaller ones are kept for the next who asks: a page
// that comes new from the system costs more than what is usually done with it.
void heed_keep_large_blocks_apart(void);

// Keeps the allocator from setting 64 MiB of addresses aside for each thread (mallopt(3), M_ARENA_MAX).
void heed_share_arenas(void);

// Gives memory that was freed back to the system, wherever it lies (malloc_trim(3)); by itself glibc keeps small blocks.
void heed_give_memory_back(void);

// Where the system limits the addresses a process may use (RLIMIT_AS) and more than half of them are in use, a crash says
// `message` on standard error and ends the process with `status`: memory that can't be had ends Swift and C++ like that. Any
// other crash goes its way. The message is kept; it must last as long as the process.
void heed_explain_crashes(const char *_Nonnull message, int status);

// Reads an open file's access control list as the kernel keeps it (acl(5)); returns its size, or -1 where there is none.
long heed_access_list(int descriptor, void *_Nonnull bytes, size_t count);

// Keeps every open descriptor but the three streams from the programs that this process starts: those that it was itself
// started with as well.
void heed_keep_descriptors(void);

// Where some bytes stand first among others (memmem(3)); null where they don't.
const void *_Nullable heed_find(
    const void *_Nonnull bytes, size_t count, const void *_Nonnull wanted, size_t wanted_count);

// Asks for the memory at an address, so that a read a little later does not wait for it. Any address will do.
static inline void heed_prefetch(const void *_Nullable address) { __builtin_prefetch(address, 0, 3); }

// Whether two ranges of `count` bytes are equal. For short ones: memcmp costs a call.
static inline _Bool heed_equal(const uint8_t *_Nonnull left, const uint8_t *_Nonnull right, size_t count) {
    uint64_t a, b;
    if (count >= 8) {
        size_t at = 0;
        for (; at + 8 <= count; at += 8) {
            memcpy(&a, left + at, 8);
            memcpy(&b, right + at, 8);
            if (a != b) return 0;
        }
        memcpy(&a, left + count - 8, 8);
        memcpy(&b, right + count - 8, 8);
        return a == b;
    }
    if (count >= 4) {
        uint32_t c, d, e, f;
        memcpy(&c, left, 4);
        memcpy(&d, right, 4);
        memcpy(&e, left + count - 4, 4);
        memcpy(&f, right + count - 4, 4);
        return c == d && e == f;
    }
    for (size_t at = 0; at < count; at++) if (left[at] != right[at]) return 0;
    return 1;
}

// Reads 64 digits of lower-case hex into 32 bytes; false where a digit is another.
static inline _Bool heed_read_hex(const uint8_t *_Nonnull digits, uint8_t *_Nonnull bytes) {
    uint8_t bad = 0, values[64];
    for (size_t at = 0; at < 64; at++) {
        uint8_t digit = (uint8_t)(digits[at] - '0'), letter = (uint8_t)(digits[at] - 'a');
        bad |= (digit > 9) & (letter > 5);
        values[at] = digit > 9 ? (uint8_t)(letter + 10) : digit;
    }
    for (size_t at = 0; at < 32; at++) bytes[at] = (uint8_t)(values[2 * at] << 4 | values[2 * at + 1]);
    return !bad;
}

static inline uint64_t heed_mix(uint64_t left, uint64_t right) {
    __uint128_t product = (__uint128_t)left * right;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

// A keyed hash of a range (the scheme of wyhash: 64 by 64 bit products of eight bytes at a time).
static inline uint64_t heed_hash(const uint8_t *_Nullable bytes, size_t count, uint64_t seed) {
    uint64_t state = seed ^ (count * 0x9E3779B97F4A7C15u), last = 0;
    if (count >= 8) {
        uint64_t word;
        for (size_t at = 0; at + 8 < count; at += 8) {
            memcpy(&word, bytes + at, 8);
            state = heed_mix(state ^ word, 0xE7037ED1A0B428DBu);
        }
        memcpy(&last, bytes + count - 8, 8);
    } else if (count >= 4) {
        uint32_t first, second;
        memcpy(&first, bytes, 4);
        memcpy(&second, bytes + count - 4, 4);
        last = (uint64_t)first << 32 | second;
    } else if (count > 0) {
        last = (uint64_t)bytes[0] << 16 | (uint64_t)bytes[count >> 1] << 8 | bytes[count - 1];
    }
    return heed_mix(state ^ last, 0xA0761D6478BD642Fu);
}

typedef uint8_t heed_bytes16 __attribute__((vector_size(16)));

static inline _Bool heed_any16(heed_bytes16 mask) {
    uint64_t halves[2];
    memcpy(halves, &mask, 16);
    return (halves[0] | halves[1]) != 0;
}

// Copies up to sixteen bytes, and no more.
static inline void heed_copy16(uint8_t *_Nonnull target, const uint8_t *_Nonnull source, size_t count) {
    if (count >= 16) {
        memcpy(target, source, 16);
    } else if (count >= 8) {
        uint64_t first, last;
        memcpy(&first, source, 8);
        memcpy(&last, source + count - 8, 8);
        memcpy(target, &first, 8);
        memcpy(target + count - 8, &last, 8);
    } else if (count >= 4) {
        uint32_t first, last;
        memcpy(&first, source, 4);
        memcpy(&last, source + count - 4, 4);
        memcpy(target, &first, 4);
        memcpy(target + count - 4, &last, 4);
    } else {
        for (size_t at = 0; at < count; at++) target[at] = source[at];
    }
}

// The address sanitizer is right to mind; under it only what is wanted is read.
#if __has_feature(address_sanitizer)
#define HEED_READS_ON 0
#else
#define HEED_READS_ON 1
#endif

// Sixteen bytes from an address on, of which the first `count` are wanted and the others have no meaning. Where these can't
// be read without leaving the page that a wanted one is on, they are letters.
static inline heed_bytes16 heed_load16(const uint8_t *_Nonnull bytes, size_t count) {
    heed_bytes16 loaded;
    if (count >= 16 || (HEED_READS_ON && ((uintptr_t)bytes & 4095) <= 4096 - 16)) {
        memcpy(&loaded, bytes, 16);
    } else {
        memset(&loaded, 'a', 16);
        heed_copy16((uint8_t *)&loaded, bytes, count);
    }
    return loaded;
}

// Those of sixteen places that are before `count`.
static inline heed_bytes16 heed_first(size_t count) {
    const heed_bytes16 places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return (heed_bytes16)(places < (uint8_t)(count < 16 ? count : 16));
}

// Copies bytes, and changes up to fifteen behind the last: the target must have room for them.
static inline void heed_copy_over(uint8_t *_Nonnull target, const uint8_t *_Nonnull source, size_t count) {
    for (size_t at = 0; at < count; at += 16) {
        heed_bytes16 part = heed_load16(source + at, count - at);
        memcpy(target + at, &part, 16);
    }
}

typedef int8_t heed_signed16 __attribute__((vector_size(16)));

// Where bytes are anything but printable ASCII that means nothing in HTML and XML: "&'<> do.
static inline heed_bytes16 heed_is_other(heed_bytes16 part) {
    // As signed numbers, bytes of 0x80 and more are below every printable one; & and ' differ in one bit, < and > too.
    return (heed_bytes16)((heed_signed16)part < 0x20) | (heed_bytes16)(part == 0x7F) | (heed_bytes16)(part == '"')
        | (heed_bytes16)((part | 1) == '\'') | (heed_bytes16)((part | 2) == '>');
}

// The same of bytes of which the first `count` are wanted.
static inline heed_bytes16 heed_is_other_first(heed_bytes16 part, size_t count) {
    heed_bytes16 other = heed_is_other(part);
    return count >= 16 ? other : other & heed_first(count);
}

// How many bytes from the first on are plain: all that stand before the first other one.
static inline size_t heed_plain_length(const uint8_t *_Nonnull bytes, size_t count) {
    for (size_t at = 0; at < count; at += 16) {
        heed_bytes16 other = heed_is_other_first(heed_load16(bytes + at, count - at), count - at);
        uint64_t halves[2];
        memcpy(halves, &other, 16);
        // A byte of a mask is all ones or none; the first one stands lowest.
        if (halves[0] != 0) return at + (size_t)__builtin_ctzll(halves[0]) / 8;
        if (halves[1] != 0) return at + 8 + (size_t)__builtin_ctzll(halves[1]) / 8;
    }
    return count;
}

// Copies these bytes, all or some, and returns how many they were. Changes up to fifteen bytes of the target behind them.
static inline size_t heed_copy_plain(uint8_t *_Nonnull target, const uint8_t *_Nonnull source, size_t count) {
    for (size_t at = 0; at < count; at += 16) {
        heed_bytes16 part = heed_load16(source + at, count - at);
        if (heed_any16(heed_is_other_first(part, count - at))) return at;
        memcpy(target + at, &part, 16);
    }
    return count;
}

// What a value holds that matters to CSV.
enum { HEED_FIELD_STRUCTURE = 1, HEED_FIELD_NUL = 2, HEED_FIELD_SEPARATOR = 4 };

// Whether some program takes a byte for the end of a cell.
static inline bool heed_ends_cell(uint8_t byte) {
    return byte == ',' || byte == ';' || byte == '|' || byte == '\t' || byte == '\r' || byte == '\n';
}

// The same of sixteen bytes.
static inline heed_bytes16 heed_end_cells(heed_bytes16 part) {
    return (heed_bytes16)(part == ',') | (heed_bytes16)(part == ';') | (heed_bytes16)(part == '|') | (heed_bytes16)(part == '\t')
        | (heed_bytes16)(part == '\r') | (heed_bytes16)(part == '\n');
}

// Where the first byte of a range stands that ends a cell; `count` where none does.
static inline size_t heed_cell_end(const uint8_t *_Nonnull bytes, size_t count) {
    for (size_t at = 0; at < count; at += 16) {
        heed_bytes16 ends = heed_end_cells(heed_load16(bytes + at, count - at)) & heed_first(count - at);
        uint64_t halves[2];
        memcpy(halves, &ends, 16);
        if (halves[0] != 0) return at + (size_t)__builtin_ctzll(halves[0]) / 8;
        if (halves[1] != 0) return at + 8 + (size_t)__builtin_ctzll(halves[1]) / 8;
    }
    return count;
}

// Copies a value of CSV and tells whether it holds the delimiter, a quote or a line end, whether it holds NUL, and whether it
// holds what some program takes for the end of a cell. Changes up to fifteen bytes of the target behind it.
static inline __attribute__((always_inline)) uint32_t heed_copy_field(
    uint8_t *_Nonnull target, const uint8_t *_Nonnull source, size_t count, uint8_t delimiter) {
    // Nearly all of these are low, and most values hold nothing as low: only in others are they looked for.
    const uint8_t highest = delimiter > ',' ? delimiter : ',';
    heed_bytes16 low = {0};
    size_t at = 0;
    for (; at + 16 <= count; at += 16) {
        heed_bytes16 part = heed_load16(source + at, 16);
        low |= (heed_bytes16)(part <= highest) | (heed_bytes16)(part == ';') | (heed_bytes16)(part == '|');
        memcpy(target + at, &part, 16);
    }
    if (at < count) {
        heed_bytes16 part = heed_load16(source + at, count - at);
        low |= ((heed_bytes16)(part <= highest) | (heed_bytes16)(part == ';') | (heed_bytes16)(part == '|'))
            & heed_first(count - at);
        memcpy(target + at, &part, 16);
    }
    if (!heed_any16(low)) return 0;
    heed_bytes16 structure = {0}, zero = {0}, ends = {0};
    for (at = 0; at < count; at += 16) {
        heed_bytes16 part = heed_load16(source + at, count - at), wanted = heed_first(count - at);
        structure |= wanted & ((heed_bytes16)(part == delimiter) | (heed_bytes16)(part == '"') | (heed_bytes16)(part == '\n')
            | (heed_bytes16)(part == '\r'));
        zero |= wanted & (heed_bytes16)(part == 0);
        ends |= wanted & heed_end_cells(part);
    }
    return (heed_any16(structure) ? HEED_FIELD_STRUCTURE : 0) | (heed_any16(zero) ? HEED_FIELD_NUL : 0)
        | (heed_any16(ends) ? HEED_FIELD_SEPARATOR : 0);
}

#endif
