export function charge(): void {}
export function chargeWait(entries: u32, named: u32): void {}
export function judgeHost(permit: u64): void {}
