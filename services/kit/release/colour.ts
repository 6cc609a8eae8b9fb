import type { Metadata } from '@grpc/grpc-js';

/**
 * Metadata that carries the colour of a request, unchanged on every call made for it. It says which
 * way to go and permits nothing, so it is outside of the signed context; peers are trusted with it.
 */
export const COLOUR_METADATA = 'meridian-colour';

/** Which of two releases side by side works for a request: the one for everybody, or the next. */
export type Colour = 'active' | 'preview';

/** The colour that a call came with; whatever is not the preview's is the active release's. */
export function readColour(metadata: Metadata): Colour {
  const values = metadata.get(COLOUR_METADATA);
  return values.length === 1 && values[0] === 'preview' ? 'preview' : 'active';
}

/** Puts a colour on a call; that of everybody needs no word. */
export function writeColour(metadata: Metadata, colour: Colour): void {
  metadata.remove(COLOUR_METADATA);
  if (colour === 'preview') metadata.set(COLOUR_METADATA, colour);
}
