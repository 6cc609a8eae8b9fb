import { rememberPlace } from '@meridian/language/declared-place.ts';
import type { ExternalParameter, ExternalSecret } from '@meridian/language/bindings.ts';

/** What stands in for a system outside the platform where there is none of it, such as on this machine. */
export interface StandInProps {
  /** Its main file, relative to the program's root, in the folder of the service that it stands in for. */
  readonly entry: string;
  /** Its own place among addresses, 0 to MAX_STAND_IN_SLOT; it stays when others come and go. */
  readonly slot: number;
}

/** A system outside the platform as given: somebody else runs it, and the platform talks to it. */
export interface ExternalProps<Name extends string> {
  /** A lower-case RFC 1123 label, unique among externals. */
  readonly name: Name;
  /** What it does for the platform, in one line. */
  readonly summary: string;
  /** What it and the platform keep from all others. @default [] */
  readonly secrets?: readonly ExternalSecret[];
  /** What of it is ours, which the stack's settings say beside its address. @default [] */
  readonly parameters?: readonly ExternalParameter[];
  readonly standIn: StandInProps;
}

/** A declared system outside the platform; a service finds it by the binding `external-<name>`. */
export interface ExternalDeclaration<Name extends string = string> extends Required<
  ExternalProps<Name>
> {
  readonly kind: 'external';
}

/** Any declared system outside the platform. */
export type AnyExternal = ExternalDeclaration;

/** Declares a system outside the platform: inert; buildGraph validates it with the services that use it. */
export function external<const Name extends string>(
  props: ExternalProps<Name>,
): ExternalDeclaration<Name> {
  return rememberPlace({ kind: 'external', secrets: [], parameters: [], ...props }, external);
}

/** The name of what stands in for it, which says so wherever it is seen. */
export function standInName(name: string): string {
  return `${name}-stand-in`;
}
