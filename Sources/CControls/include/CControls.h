#ifndef HEEDAUDIT_CCONTROLS_H
#define HEEDAUDIT_CCONTROLS_H

#include <stddef.h>
#include <stdint.h>

/// The catalogue of controls, controls.yaml, embedded when the tool was built.
const uint8_t *heed_controls_bytes(void);

/// Its length in bytes.
size_t heed_controls_count(void);

#endif
