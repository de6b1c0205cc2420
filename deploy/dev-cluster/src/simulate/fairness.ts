/**
 * Shares one whole among claimants by weight; nobody gets more than they want, and what is left over goes to the others (weighted max-min fairness).
 * @param claims what each wants, as a share of the whole (0..1 and above)
 * @returns what each is entitled to, in the order of the claims
 */
export function fairShares(claims: readonly { readonly wanted: number; readonly weight: number }[]): readonly number[] {
  const shares = claims.map(() => 0);
  let open = claims.map((_claim, index) => index).filter(index => (claims[index]?.wanted ?? 0) > 0);
  let left = 1;
  while (open.length > 0 && left > 1e-9) {
    const weights = open.reduce((total, index) => total + (claims[index]?.weight ?? 0), 0);
    const perWeight = left / weights;
    const satisfied = open.filter(index => (claims[index]?.wanted ?? 0) <= perWeight * (claims[index]?.weight ?? 0));
    // Nobody wants less than the fair part: everybody gets exactly that, and all is shared out.
    const settled = satisfied.length === 0 ? open : satisfied;
    for (const index of settled) {
      const claim = claims[index] ?? { wanted: 0, weight: 0 };
      shares[index] = Math.min(claim.wanted, perWeight * claim.weight);
      left -= shares[index];
    }
    open = open.filter(index => !settled.includes(index));
  }
  return shares;
}

/** Jain's index: 1 when all have the same, 1/n when one has everything; 1 for nobody. (Jain, Chiu, Hawe 1984) */
export function jainIndex(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares);
}
