/** What a task asks for, and the most memory that it may use. */
export const TASK_RESOURCES = { cpuMillicores: 250, memoryMiB: 256 } as const;
