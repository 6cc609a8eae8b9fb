export function directLoopback(
  environment: Readonly<NodeJS.ProcessEnv>,
): Readonly<Record<'no_proxy' | 'NO_PROXY' | 'no_grpc_proxy', string>>;
export function commandEnvironment(
  environment: Readonly<NodeJS.ProcessEnv>,
  say: (line: string) => void,
): Record<string, string>;
export function adoptCommandEnvironment(say: (line: string) => void): void;
