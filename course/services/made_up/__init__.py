"""Made-up learners, for a believable demonstration and for benchmarks. Nobody in them exists, and nothing is a fact."""
