"""The benchmarks: CPU per request beside a bare Flask page, as ratios taken in the same minute (`./run bench`)."""
