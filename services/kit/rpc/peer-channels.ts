import { connectivityState } from '@grpc/grpc-js';
import type { Client as GrpcClient } from '@grpc/grpc-js';
import type { Colour } from '../release/colour.ts';

/** The gRPC targets of one service, such as 'addresses:/…' or 'dns:///…'. */
export interface PeerTargets {
  readonly active: string;
  /** Where a release is that has not been promoted yet; undefined if there never is one. */
  readonly preview: string | undefined;
}

/** A channel and where it leads to. */
interface Channel {
  readonly target: string;
  readonly grpc: GrpcClient;
}

/** The channels to one service, each kept connected; they follow their targets. */
export class PeerChannels {
  readonly #connect: (target: string) => GrpcClient;
  #active: Channel;
  #preview: Channel | undefined;

  /** @param connect makes what calls the replicas at a target */
  constructor(connect: (target: string) => GrpcClient, { active, preview }: PeerTargets) {
    this.#connect = connect;
    this.#active = this.#open(active);
    this.#preview = preview === undefined ? undefined : this.#open(preview);
  }

  /**
   * What a call of a colour is made through. The preview is taken only while it has a connection:
   * it may have been announced before it listens, and be gone the next moment.
   */
  of(colour: Colour): GrpcClient {
    if (colour === 'preview' && this.#preview !== undefined) {
      const { grpc } = this.#preview;
      // Asking also wakes a channel that has gone idle, as grpc-js lets one go without calls for 30 min.
      if (grpc.getChannel().getConnectivityState(true) === connectivityState.READY) return grpc;
    }
    return this.#active.grpc;
  }

  /** Takes other targets over; calls in flight finish where they began. */
  retarget({ active, preview }: PeerTargets): void {
    if (active !== this.#active.target) {
      const before = this.#active;
      this.#active = this.#open(active);
      before.grpc.close();
    }
    if (preview !== this.#preview?.target) {
      this.#preview?.grpc.close();
      this.#preview = preview === undefined ? undefined : this.#open(preview);
    }
  }

  close(): void {
    this.#active.grpc.close();
    this.#preview?.grpc.close();
  }

  #open(target: string): Channel {
    const grpc = this.#connect(target);
    // Connects now, so that the first request does not wait for a handshake.
    grpc.getChannel().getConnectivityState(true);
    return { target, grpc };
  }
}
