#include "CControls.h"

static const uint8_t controls_yaml[] = {
#embed "controls.yaml"
};

const uint8_t *heed_controls_bytes(void) { return controls_yaml; }

size_t heed_controls_count(void) { return sizeof controls_yaml; }
