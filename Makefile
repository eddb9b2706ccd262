# The three commands we promise; each script says what it does. Options go in ARGS: make run ARGS="--listen 127.0.0.1:9000"
.PHONY: run test bench

run:
	@scripts/run.sh $(ARGS)

test:
	@scripts/test.sh $(ARGS)

bench:
	@scripts/bench.sh $(ARGS)
