// Where texts are kept that do not stand in the input as they are shown.
#ifndef HEEDAUDIT_TEXTSTORE_HPP
#define HEEDAUDIT_TEXTSTORE_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace heed {

// Memory for texts that can't point into the input. Blocks never move, so texts stay where they are.
class TextStore {
public:
    // How many characters in all texts, those that were cleared included, stand as U+FFFD.
    uint64_t replacements = 0;

    uint8_t *reserve(size_t count) {
        if (blocks.empty() || used + count > size) {
            // The size is set last: a failed allocation must not leave one that no block has.
            size_t larger = count > minimum ? count : minimum;
            blocks.push_back(std::unique_ptr<uint8_t[]>(new uint8_t[larger]));
            size = larger;
            used = 0;
        }
        return blocks.back().get() + used;
    }
    void commit(size_t count) { used += count; }
    void clear() {
        if (blocks.size() > 1 || size > minimum) {
            blocks.clear();
            size = 0;
        }
        used = 0;
    }

private:
    static const size_t minimum = 1 << 16;
    std::vector<std::unique_ptr<uint8_t[]>> blocks;
    size_t used = 0;
    size_t size = 0;
};

} // namespace heed

#endif
