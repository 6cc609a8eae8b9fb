import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';

/** The largest page that the contracts allow. */
const PAGE_SIZE_MAX = 1_000;

/** By how much a page that is too many bytes for one message is made smaller. */
const SHRINK = 10;

/** Asks for a large page, and for smaller ones where it is more than a message may have. */
export async function largestPage<Page>(ask: (pageSize: number) => Promise<Page>): Promise<Page> {
  for (let pageSize = PAGE_SIZE_MAX; ; pageSize /= SHRINK) {
    try {
      return await ask(pageSize);
    } catch (error) {
      // So the client calls a message that is too large (services/kit/rpc/meant-status.ts).
      const mayBeTooLarge = error instanceof RpcError && error.status === 'INTERNAL';
      if (!mayBeTooLarge || pageSize === 1) throw error;
    }
  }
}
