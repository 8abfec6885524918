/** The shape of a checkpoint; all sizes come from its config.json. */
export interface Architecture {
  readonly tower: SiglipTower | DetectorTower;
  readonly decoder: DecoderArchitecture;
}

/** A vision transformer, a projector and pooling, built from the checkpoint's tensors. */
export interface SiglipTower {
  readonly type: 'siglip';
  readonly vision: VisionArchitecture;
  readonly pooling: PoolingArchitecture;
}

/** A detector whose graphs lie ready in the checkpoint. */
export interface DetectorTower {
  readonly type: 'detector';
  /** The way in which its detections are followed from frame to frame. */
  readonly association: 1;
  /** Whether replies are kept to what is seen, in the words of `sentences.json`. */
  readonly grounded: boolean;
  /** Input picture in pixels; others are stretched to this square. */
  readonly side: number;
  readonly tokensPerFrame: number;
}

/** The SigLIP tower as built: only the layers that are kept. */
export interface VisionArchitecture {
  /** Input picture in pixels; square. */
  readonly side: number;
  /** Side of one square patch in pixels. */
  readonly patch: number;
  /** Patches per row, `floor(side / patch)`. */
  readonly grid: number;
  readonly hiddenSize: number;
  readonly mlpSize: number;
  readonly heads: number;
  /** Layers in the original tower, and how many of them, from the first, are kept. */
  readonly layers: number;
  readonly keptLayers: number;
  readonly normEpsilon: number;
}

/** How the grid of patch features becomes the tokens of a frame. */
export interface PoolingArchitecture {
  readonly mode: 'bilinear' | 'average' | 'max';
  readonly stride: number;
  /** Rows and columns after pooling. */
  readonly side: number;
}

/** The Qwen2 decoder. */
export interface DecoderArchitecture {
  readonly hiddenSize: number;
  readonly mlpSize: number;
  readonly layers: number;
  readonly queryHeads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly ropeTheta: number;
  readonly normEpsilon: number;
  readonly vocabularySize: number;
  readonly maxContext: number;
  /** Whether the language head shares the token embeddings. */
  readonly tiedHead: boolean;
}
