// What names the program in files that leave it. The version is package.json's; a test holds the two equal.

export const TOOL = { name: 'hoplane', version: '0.1.0' } as const;
