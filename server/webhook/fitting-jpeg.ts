import sharp from 'sharp';

/**
 * A JPEG of at most so many bytes: itself, or else coarser, and as narrow as it must be; null if that is less
 * than a tenth.
 */
export async function fittingJpeg(jpeg: Uint8Array, mostBytes: number): Promise<Uint8Array | null> {
  if (jpeg.length <= mostBytes) return jpeg;
  const { width } = await sharp(jpeg).metadata();
  for (const scale of [1, 0.75, 0.5, 0.35, 0.25, 0.1]) {
    const resized = sharp(jpeg).resize({ width: Math.ceil(width * scale) });
    const smaller = await resized.jpeg({ quality: 60 }).toBuffer();
    if (smaller.length <= mostBytes) return smaller;
  }
  return null;
}
