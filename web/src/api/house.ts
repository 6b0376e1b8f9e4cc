import { call } from './http';

export interface Model {
  id: string;
  capabilities: string[];
  device: string;
  precision: string;
  bit_exact: boolean;
  licence: string;
}

export interface Health {
  status: string;
  services: Record<string, { status: string }>;
}

export const models = async (): Promise<Model[]> => (await call<{ data: Model[] }>('/v1/models')).data;

/** Answers with 503 while a service is away; its body still says which. */
export async function health(): Promise<Health> {
  const answer = await fetch('/health/ready');
  return (await answer.json()) as Health;
}
