/** The moment so many days ago, RFC 3339. */
export const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
