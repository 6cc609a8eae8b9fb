// Judges checkpoints, proofs and whole logs of the format C2SP tlog-tiles by implementations of others
// (github.com/transparency-dev/merkle, filippo.io/torchwood and golang.org/x/mod/sumdb, on which it stands).
// Reads cases as JSON values from standard input, and prints for each a line: "accepted" or "refused: " and why; of
// a note that is to be cosigned, the note as JSON.
// Where two of them judge the same case, they must agree.
package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/torchwood"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A tree that somebody signed.
type head struct {
	Size uint64 `json:"size"`
	Root []byte `json:"root"`
}

// A key of type cosignature/v1.
type witness struct {
	Name string `json:"name"`
	Seed []byte `json:"seed"`
}

// What is to be judged; which fields there are follows from the kind.
type judged struct {
	// "checkpoint", "cosign", "inclusion", "consistency" or "log".
	Kind string `json:"kind"`
	// Of "checkpoint" and "cosign": the signed note. Of "log" it is the file named checkpoint.
	Note string `json:"note"`
	// Of "checkpoint" and "log": the key of the log, whose name is the origin.
	Key string `json:"key"`
	// Of "checkpoint": witnesses that must have cosigned. Of "cosign": those that do. torchwood makes a verifier of
	// a private key only.
	Witnesses []witness `json:"witnesses"`
	// Of "inclusion".
	Index    uint64 `json:"index"`
	LeafHash []byte `json:"leafHash"`
	Head     head   `json:"head"`
	// Of "consistency", to the head.
	Older head `json:"older"`
	// Of "inclusion" and "consistency".
	Path [][]byte `json:"path"`
	// Of "log".
	Folder string `json:"folder"`
}

func main() {
	input := json.NewDecoder(os.Stdin)
	for {
		var given judged
		if err := input.Decode(&given); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			fail("cases: must be JSON values on standard input: %v", err)
		}
		if given.Kind == "cosign" {
			cosign(given)
		} else if err := judge(given); err != nil {
			fmt.Printf("refused: %q\n", err.Error())
		} else {
			fmt.Println("accepted")
		}
	}
}

func judge(given judged) error {
	switch given.Kind {
	case "checkpoint":
		_, err := open(given.Note, given)
		return err
	case "inclusion":
		return both(
			proof.VerifyInclusion(rfc6962.DefaultHasher, given.Index, given.Head.Size, given.LeafHash, given.Path, given.Head.Root),
			func() error {
				return tlog.CheckRecord(hashes(given.Path), int64(given.Head.Size), hash(given.Head.Root), int64(given.Index), hash(given.LeafHash))
			},
		)
	case "consistency":
		return both(
			proof.VerifyConsistency(rfc6962.DefaultHasher, given.Older.Size, given.Head.Size, given.Path, given.Older.Root, given.Head.Root),
			func() error {
				return tlog.CheckTree(hashes(given.Path), int64(given.Head.Size), hash(given.Head.Root), int64(given.Older.Size), hash(given.Older.Root))
			},
		)
	case "log":
		return wholeLog(given)
	}
	fail("case: must be of a known kind, got %q", given.Kind)
	return nil
}

func both(one error, check func() error) error {
	other := check()
	if (one == nil) != (other == nil) {
		fail("the judges must agree, got %v and %v", one, other)
	}
	return one
}

func hash(bytes []byte) (result tlog.Hash) {
	copy(result[:], bytes)
	return result
}

func hashes(path [][]byte) []tlog.Hash {
	result := make([]tlog.Hash, 0, len(path))
	for _, each := range path {
		result = append(result, hash(each))
	}
	return result
}

func signer(of witness) *torchwood.CosignatureSigner {
	if len(of.Seed) != ed25519.SeedSize {
		fail("seed of a witness: must have %d bytes, got %d", ed25519.SeedSize, len(of.Seed))
	}
	result, err := torchwood.NewCosignatureSigner(of.Name, ed25519.NewKeyFromSeed(of.Seed))
	if err != nil {
		fail("witness: %v", err)
	}
	return result
}

// Adds a cosignature of each witness, as of now.
func cosign(given judged) {
	log, err := note.NewVerifier(given.Key)
	if err != nil {
		fail("key: %v", err)
	}
	opened, err := note.Open([]byte(given.Note), note.VerifierList(log))
	if err != nil {
		fail("note to cosign: %v", err)
	}
	signers := make([]note.Signer, 0, len(given.Witnesses))
	for _, each := range given.Witnesses {
		signers = append(signers, signer(each))
	}
	signed, err := note.Sign(opened, signers...)
	if err != nil {
		fail("cosigning: %v", err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(string(signed)); err != nil {
		fail("standard output: %v", err)
	}
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(2)
}

// Checks the signatures of a checkpoint, and its origin.
func open(text string, given judged) (torchwood.Checkpoint, error) {
	log, err := note.NewVerifier(given.Key)
	if err != nil {
		return torchwood.Checkpoint{}, err
	}
	opened, err := note.Open([]byte(text), note.VerifierList(log))
	if err != nil {
		return torchwood.Checkpoint{}, err
	}
	for _, each := range given.Witnesses {
		if _, err := note.Open([]byte(text), note.VerifierList(signer(each).Verifier())); err != nil {
			return torchwood.Checkpoint{}, err
		}
	}
	checkpoint, err := torchwood.ParseCheckpoint(opened.Text)
	if err != nil {
		return torchwood.Checkpoint{}, err
	}
	if checkpoint.Origin != log.Name() {
		return torchwood.Checkpoint{}, fmt.Errorf("origin %q of a key of %q", checkpoint.Origin, log.Name())
	}
	return checkpoint, nil
}

// Reads every entry of a log, each of which torchwood checks against tiles that it checks against the root.
func wholeLog(given judged) error {
	text, err := os.ReadFile(filepath.Join(given.Folder, "checkpoint"))
	if err != nil {
		return err
	}
	checkpoint, err := open(string(text), given)
	if err != nil {
		return err
	}
	client, err := torchwood.NewClient(folder(given.Folder))
	if err != nil {
		return err
	}
	ctx := context.Background()
	for next := int64(0); next < checkpoint.N; {
		before := next
		for index := range client.Entries(ctx, checkpoint.Tree, next) {
			if index != next {
				return fmt.Errorf("entry %d after %d", index, next-1)
			}
			next++
		}
		if err := client.Err(); err != nil {
			return err
		}
		if next == before {
			return fmt.Errorf("no entry %d", next)
		}
	}
	return nil
}

// A log that lies in a folder.
type folder string

func (f folder) ReadTiles(ctx context.Context, tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, 0, len(tiles))
	for _, tile := range tiles {
		read, err := f.ReadEndpoint(ctx, torchwood.TilePath(tile))
		if err != nil {
			return nil, err
		}
		data = append(data, read)
	}
	return data, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadEndpoint(_ context.Context, path string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(f), path))
}
