// Writes a log by Tessera (github.com/transparency-dev/tessera, POSIX storage), for others to read and to be
// measured beside.
//
//	tessera-log write --folder DIR                    entries and a key as JSON on standard input
//	tessera-log bench --folder DIR --entries N …      prints what it took as JSON
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

// What "write" reads.
type order struct {
	// As note.NewSigner reads it; its name is the origin.
	SignerKey string `json:"signerKey"`
	// In the order in which they are to stand in the log.
	Entries [][]byte `json:"entries"`
}

// What "bench" prints.
type figures struct {
	Entries int `json:"entries"`
	// From the first call to the head that seals the last entry.
	Seconds float64 `json:"seconds"`
	// Of the process, user and system.
	CPUSeconds float64 `json:"cpuSeconds"`
	// From the call that adds an entry to the head that seals it.
	SealedP95Ms float64 `json:"sealedP95Ms"`
}

func main() {
	if len(os.Args) < 2 {
		fail("command: must be write or bench, got none")
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	folder := flags.String("folder", "", "where the log is written")
	batch := flags.Uint("batch", 0, "entries that are sequenced together; as many as there are adders unless given")
	batchAge := flags.Duration("batch-age", 100*time.Millisecond, "how long a batch waits to be full")
	interval := flags.Duration("checkpoint-interval", 100*time.Millisecond, "time between heads, at least 100ms")
	entries := flags.Int("entries", 100_000, "bench: entries to add")
	size := flags.Int("bytes", 400, "bench: bytes of an entry, from 8")
	adders := flags.Int("adders", 256, "bench: callers that each add one entry after the other")
	if err := flags.Parse(os.Args[2:]); err != nil || *folder == "" {
		fail("--folder: must be given, got none")
	}
	if *batch == 0 {
		*batch = uint(*adders)
	}
	with := settings{folder: *folder, batch: *batch, batchAge: *batchAge, interval: *interval}
	switch os.Args[1] {
	case "write":
		write(with)
	case "bench":
		if *entries < 1 || *adders < 1 || *size < 8 || *size > 65535 {
			fail("bench: must have entries and adders from 1 and bytes from 8 to 65535, got %d, %d and %d", *entries, *adders, *size)
		}
		bench(with, *entries, *size, *adders)
	default:
		fail("command: must be write or bench, got %q", os.Args[1])
	}
}

type settings struct {
	folder   string
	batch    uint
	batchAge time.Duration
	interval time.Duration
}

// A log that is being written.
type openLog struct {
	add   tessera.AddFn
	await *tessera.PublicationAwaiter
	close func(context.Context) error
}

func open(ctx context.Context, with settings, signerKey string) openLog {
	signer, err := note.NewSigner(signerKey)
	if err != nil {
		fail("key: %v", err)
	}
	driver, err := posix.New(ctx, posix.Config{Path: with.folder})
	if err != nil {
		fail("folder %q: %v", with.folder, err)
	}
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithBatching(with.batch, with.batchAge).
		WithCheckpointInterval(with.interval)
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		fail("log in %q: %v", with.folder, err)
	}
	await := tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, 10*time.Millisecond)
	return openLog{add: appender.Add, await: await, close: shutdown}
}

func write(with settings) {
	var given order
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		fail("entries: must be JSON on standard input: %v", err)
	}
	ctx := context.Background()
	log := open(ctx, with, given.SignerKey)
	futures := make([]tessera.IndexFuture, 0, len(given.Entries))
	for _, entry := range given.Entries {
		futures = append(futures, log.add(ctx, tessera.NewEntry(entry)))
	}
	for at, future := range futures {
		index, _, err := log.await.Await(ctx, future)
		if err != nil {
			fail("entry %d: %v", at, err)
		}
		if index.Index != uint64(at) {
			fail("entry %d: must have its place, got index %d", at, index.Index)
		}
	}
	if err := log.close(ctx); err != nil {
		fail("log in %q: %v", with.folder, err)
	}
}

func bench(with settings, entries, size, adders int) {
	ctx := context.Background()
	private, _, err := note.GenerateKey(rand.Reader, "bench.example/log")
	if err != nil {
		fail("key: %v", err)
	}
	filler := make([]byte, size)
	if _, err := rand.Read(filler); err != nil {
		fail("random bytes: %v", err)
	}
	log := open(ctx, with, private)
	sealed := make([]time.Duration, entries)
	var next atomic.Int64
	var adding, sealing sync.WaitGroup
	begun, before := time.Now(), cpuSeconds()
	for range adders {
		adding.Go(func() {
			for at := int(next.Add(1)) - 1; at < entries; at = int(next.Add(1)) - 1 {
				entry := bytes.Clone(filler)
				binary.BigEndian.PutUint64(entry, uint64(at))
				called := time.Now()
				future := add(ctx, log, entry)
				sealing.Go(func() {
					if _, _, err := log.await.Await(ctx, future); err != nil {
						fail("entry %d: %v", at, err)
					}
					sealed[at] = time.Since(called)
				})
			}
		})
	}
	adding.Wait()
	sealing.Wait()
	seconds := time.Since(begun).Seconds()
	cpu := cpuSeconds() - before
	if err := log.close(ctx); err != nil {
		fail("log in %q: %v", with.folder, err)
	}
	slices.Sort(sealed)
	p95 := sealed[(len(sealed)*95+99)/100-1]
	result := figures{entries, seconds, cpu, float64(p95.Microseconds()) / 1000}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		fail("standard output: %v", err)
	}
}

// Adds an entry and waits until it is durable; one that Tessera pushes back is offered again.
func add(ctx context.Context, log openLog, entry []byte) tessera.IndexFuture {
	for {
		future := log.add(ctx, tessera.NewEntry(entry))
		_, err := future()
		if err == nil {
			return future
		}
		if !errors.Is(err, tessera.ErrPushback) {
			fail("adding an entry: %v", err)
		}
		time.Sleep(time.Millisecond)
	}
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail("times of the process: %v", err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(2)
}
