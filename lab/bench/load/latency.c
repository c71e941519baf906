/* A histogram of latencies whose buckets are 1.6 % wide. */
#include "load.h"

#define STEP_BITS 6
#define STEPS (1u << STEP_BITS)

static uint64_t counts[64 * STEPS];
static uint64_t total, most;
bool latency_counts;

void latency_add(uint64_t nanoseconds) {
  uint64_t value = nanoseconds < STEPS ? STEPS : nanoseconds;
  int exponent = 63 - __builtin_clzll(value);
  uint64_t step = (value >> (exponent - STEP_BITS)) & (STEPS - 1);
  counts[(unsigned)exponent * STEPS + step]++;
  total++;
  if (nanoseconds > most) most = nanoseconds;
}

/* Returns the latency in microseconds below which this part of all latencies lies. */
double latency_at(double part) {
  uint64_t wanted = (uint64_t)(part * (double)total), sum = 0;
  for (unsigned i = 0; i < 64 * STEPS; i++) {
    sum += counts[i];
    if (counts[i] > 0 && sum > wanted) {
      double low = (double)(1ull << (i / STEPS));
      return low * (1 + (i % STEPS + 0.5) / STEPS) / 1000;
    }
  }
  return (double)most / 1000;
}

double latency_most(void) { return (double)most / 1000; }
