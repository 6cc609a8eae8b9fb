// Judges histories of one product's stock by an outside checker of linearizability
// (github.com/anishathalye/porcupine). Reads JSON from standard input and prints "linearizable",
// "not linearizable" or "unknown" (the time is over).
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/anishathalye/porcupine"
)

// What was asked, when, and what came of it.
type operation struct {
	Client int   `json:"client"`
	Call   int64 `json:"call"`
	// Of an operation with an unknown outcome, later than anything else.
	Return int64 `json:"return"`
	// "read", "adjust" or "buy".
	Kind string `json:"kind"`
	// Of "adjust" what is added, of "buy" what is taken.
	Units int64 `json:"units"`
	// "done", "refused" or "unknown".
	Outcome string `json:"outcome"`
	// Of "read" and "adjust" that are done: units that can be sold.
	Available int64 `json:"available"`
}

type history struct {
	Initial    int64       `json:"initial"`
	Operations []operation `json:"operations"`
}

// The stock of one product is the number of units that can be sold: what is on hand and not reserved.
func model(initial int64) porcupine.Model {
	nondeterministic := porcupine.NondeterministicModel{
		Init: func() []interface{} { return []interface{}{initial} },
		Step: func(state, input, output interface{}) []interface{} {
			available := state.(int64)
			asked := input.(operation)
			change := asked.Units
			if asked.Kind == "buy" {
				change = -asked.Units
			}
			after := available + change
			switch {
			case asked.Kind == "read":
				if asked.Outcome == "done" && asked.Available != available {
					return nil
				}
				return []interface{}{available}
			case asked.Outcome == "refused":
				if after >= 0 {
					return nil
				}
				return []interface{}{available}
			case asked.Outcome == "unknown":
				if after < 0 {
					return []interface{}{available}
				}
				return []interface{}{available, after}
			case after < 0 || (asked.Kind == "adjust" && asked.Available != after):
				return nil
			}
			return []interface{}{after}
		},
	}
	return nondeterministic.ToModel()
}

func main() {
	var given history
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		fmt.Fprintf(os.Stderr, "history: must be JSON on standard input: %v\n", err)
		os.Exit(2)
	}
	operations := make([]porcupine.Operation, 0, len(given.Operations))
	for _, each := range given.Operations {
		operations = append(operations, porcupine.Operation{
			ClientId: each.Client, Input: each, Call: each.Call, Output: nil, Return: each.Return,
		})
	}
	switch porcupine.CheckOperationsTimeout(model(given.Initial), operations, 2*time.Minute) {
	case porcupine.Ok:
		fmt.Println("linearizable")
	case porcupine.Illegal:
		fmt.Println("not linearizable")
	default:
		fmt.Println("unknown")
	}
}
