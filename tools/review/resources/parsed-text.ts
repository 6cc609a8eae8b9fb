import { parse } from 'yaml';
import { remembered } from '../../meridian/rehearsal/remembered.ts';

/** So many texts are remembered: both sides of those that several readers look at. */
const REMEMBERED = 20;

/** What stands in a text of YAML or JSON; undefined for one of no such form. */
export const parsedText = remembered((text): { readonly value: unknown } | undefined => {
  try {
    return { value: parse(text) as unknown };
  } catch {
    return undefined;
  }
}, REMEMBERED);
