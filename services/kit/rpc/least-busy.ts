import { connectivityState, experimental, status as Status } from '@grpc/grpc-js';
import type { MetadataOptions } from '@grpc/grpc-js';

/** Name of the balancer in a service config. */
export const LEAST_BUSY = 'meridian_least_busy';

/**
 * A call that was given up counts as unanswered for this much longer, or a replica that hangs would look
 * idle again whenever a caller goes to another. It is the time that the gateway gives a call.
 */
const GIVEN_UP_MS = 5_000;

/** A replica that can be picked, with the calls that it has not answered yet. */
interface Replica {
  calls: number;
  readonly pick: experimental.PickResult;
}

/**
 * Options of the metadata of a call that may be sent again: what it was sent to is not picked for it again
 * while there is another. grpc-js hands the options on as they are, from the call to the picker.
 */
export class AttemptOptions implements MetadataOptions {
  readonly waitForReady = false;
  readonly tried: Replica[] = [];
}

/** How many replicas are looked at for one that was not tried. */
const MAX_MORE = 16;

/** Replicas by their connections, which outlive the pickers. */
type Replicas = WeakMap<experimental.SubchannelInterface, Replica>;

/**
 * Picks, of a replica and the next one in turn, the one with fewer unanswered calls. With replicas alike
 * that is round robin. One that hangs, and answers neither calls nor that it is gone, soon has more of
 * them than any other and gets no more, long before its connection is given up. Source: Mitzenmacher,
 * "The Power of Two Choices in Randomized Load Balancing"; Envoy's LEAST_REQUEST.
 */
class LeastBusyPicker implements experimental.Picker {
  readonly #inTurn: experimental.Picker;
  readonly #replicas: Replicas;
  #other: experimental.PickResult | undefined;

  constructor(inTurn: experimental.Picker, replicas: Replicas) {
    this.#inTurn = inTurn;
    this.#replicas = replicas;
  }

  pick(args: experimental.PickArgs): experimental.PickResult {
    const one = this.#replica(this.#other ?? this.#inTurn.pick(args));
    this.#other = this.#inTurn.pick(args);
    const other = this.#replica(this.#other);
    let best = other.calls < one.calls ? other : one;
    const options = args.metadata.getOptions();
    if (options instanceof AttemptOptions) {
      for (let more = 0; options.tried.includes(best) && more < MAX_MORE; more++) {
        best = this.#replica(this.#inTurn.pick(args));
      }
      options.tried.push(best);
    }
    return best.pick;
  }

  #replica(picked: experimental.PickResult): Replica {
    const { subchannel } = picked;
    // Round robin over connected replicas always has one.
    if (subchannel === null) throw new Error('a connected replica has no connection');
    let replica = this.#replicas.get(subchannel);
    if (replica === undefined) {
      const made: Replica = {
        calls: 0,
        pick: {
          ...picked,
          onCallStarted: () => {
            made.calls++;
          },
          onCallEnded: (code) => release(made, code),
        },
      };
      this.#replicas.set(subchannel, made);
      replica = made;
    }
    return replica;
  }
}

function release(replica: Replica, code: Status): void {
  if (code === Status.CANCELLED || code === Status.DEADLINE_EXCEEDED) {
    const timer = setTimeout(() => {
      replica.calls--;
    }, GIVEN_UP_MS);
    timer.unref();
  } else {
    replica.calls--;
  }
}

/** grpc-js's own round robin, with another choice among the replicas that are connected. */
class LeastBusyBalancer implements experimental.LoadBalancer {
  readonly #inTurn: experimental.ChildLoadBalancerHandler;

  constructor(helper: experimental.ChannelControlHelper) {
    const replicas: Replicas = new WeakMap();
    this.#inTurn = new experimental.ChildLoadBalancerHandler(
      experimental.createChildChannelControlHelper(helper, {
        updateState: (state, picker, message) => {
          const ready = state === connectivityState.READY;
          const next = ready ? new LeastBusyPicker(picker, replicas) : picker;
          helper.updateState(state, next, message);
        },
      }),
    );
  }

  updateAddressList(
    endpoints: Parameters<experimental.LoadBalancer['updateAddressList']>[0],
    _config: experimental.TypedLoadBalancingConfig,
    ...rest: readonly [options: object, note: string]
  ): boolean {
    const inTurn = experimental.parseLoadBalancingConfig({ round_robin: {} });
    return this.#inTurn.updateAddressList(endpoints, inTurn, ...rest);
  }

  exitIdle(): void {
    this.#inTurn.exitIdle();
  }

  resetBackoff(): void {
    this.#inTurn.resetBackoff();
  }

  destroy(): void {
    this.#inTurn.destroy();
  }

  getTypeName(): string {
    return LEAST_BUSY;
  }
}

/** It has no settings. */
class LeastBusyConfig implements experimental.TypedLoadBalancingConfig {
  static createFromJson(): LeastBusyConfig {
    return new LeastBusyConfig();
  }

  getLoadBalancerName(): string {
    return LEAST_BUSY;
  }

  toJsonObject(): object {
    return { [LEAST_BUSY]: {} };
  }
}

/** Teaches grpc-js the balancer; doing it again changes nothing. */
export function registerLeastBusy(): void {
  experimental.registerLoadBalancerType(LEAST_BUSY, LeastBusyBalancer, LeastBusyConfig);
}
