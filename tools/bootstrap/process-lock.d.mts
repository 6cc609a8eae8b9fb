export function processStartTime(pid: number): string | undefined;
export function acquire(file: string, purpose: string): () => void;
export function checkFree(file: string): void;
