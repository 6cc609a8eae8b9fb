/** Files by their path in the folder of a process. */
export type Files = Readonly<Record<string, string>>;

/** A binding as the Service Binding Specification for Kubernetes has it: one file per property. */
export function bindingFolder(name: string, properties: Readonly<Record<string, string>>): Files {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [`bindings/${name}/${key}`, value]),
  );
}

/** All files of several parts. */
export function merged(parts: readonly Files[]): Files {
  return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
}
