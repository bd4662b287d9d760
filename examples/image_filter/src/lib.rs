//! Filters for images that are numpy arrays: height × width × channels, a byte each, as Pillow,
//! imageio and OpenCV have them. No numpy is needed to build this.

use hpy::exceptions::ValueError;
use hpy::numpy::{ArrayView, NdArray};
use hpy::prelude::*;

type Image<'ctx> = ArrayView<'ctx, u8, 3>;

/// A blurred copy of the image: each pixel is the weighted mean of its neighbours.
///
/// `sigma` is the width of the Gaussian bell, in pixels. The border is continued beyond the edges.
#[hpy_method]
fn gaussian_blur<'ctx>(
    ctx: Context<'ctx>,
    image: Image<'ctx>,
    sigma: f32,
) -> Result<Handle<'ctx, NdArray>> {
    if !(0.1..=100.0).contains(&sigma) {
        return Err(ValueError::new("sigma must be between 0.1 and 100"));
    }
    let shape = image.shape();
    // One copy, which no other thread can change: the loops below run while Python goes on.
    let pixels = image.to_vec()?;
    drop(image);
    let blurred = ctx.detach(move || blur(&pixels, shape, &bell(sigma)));
    NdArray::from_shape_vec(ctx, shape, blurred)
}

/// Inverts the image in place.
#[hpy_method]
fn invert(image: Image<'_>) -> Result<()> {
    let [height, width, _] = image.shape();
    for row in 0..height {
        for column in 0..width {
            for channel in image.row_mut(&[row, column])? {
                channel.set(255 - channel.get());
            }
        }
    }
    image.write_back()
}

/// How often each value occurs, per channel: an array of channels × 256.
#[hpy_method]
fn histogram<'ctx>(ctx: Context<'ctx>, image: Image<'ctx>) -> Result<Handle<'ctx, NdArray>> {
    let [_, _, channels] = image.shape();
    let mut counts = vec![0u64; channels * 256];
    for (index, value) in image.iter().enumerate() {
        counts[index % channels * 256 + usize::from(value)] += 1;
    }
    NdArray::from_shape_vec(ctx, [channels, 256], counts)
}

/// The weights of the neighbours at distance 0, 1, and so on.
fn bell(sigma: f32) -> Vec<f32> {
    let radius = (sigma * 3.0).ceil() as usize;
    let weight = |distance: usize| (-((distance * distance) as f32) / (2.0 * sigma * sigma)).exp();
    let weights: Vec<f32> = (0..=radius).map(weight).collect();
    let sum = weights[0] + 2.0 * weights[1..].iter().sum::<f32>();
    weights.iter().map(|weight| weight / sum).collect()
}

/// Along the rows, then along the columns.
fn blur(pixels: &[u8], [height, width, channels]: [usize; 3], weights: &[f32]) -> Vec<u8> {
    let row = width * channels;
    let mut sums = vec![0.0f32; pixels.len()];
    for start in (0..height).map(|y| y * row) {
        for x in 0..width {
            for channel in 0..channels {
                let at = |x: usize| f32::from(pixels[start + x * channels + channel]);
                sums[start + x * channels + channel] = weighted(x, width, weights, at);
            }
        }
    }
    let mut blurred = vec![0; pixels.len()];
    for y in 0..height {
        for x in 0..row {
            let at = |y: usize| sums[y * row + x];
            blurred[y * row + x] = weighted(y, height, weights, at).round() as u8;
        }
    }
    blurred
}

/// The weighted mean of what is around `place`, which is one of `count` places.
fn weighted(place: usize, count: usize, weights: &[f32], at: impl Fn(usize) -> f32) -> f32 {
    let around = weights
        .iter()
        .enumerate()
        .skip(1)
        .map(|(distance, weight)| {
            let before = at(place.saturating_sub(distance));
            let after = at((place + distance).min(count - 1));
            weight * (before + after)
        });
    weights[0] * at(place) + around.sum::<f32>()
}

hpy_module! {
    name: image_filter,
    methods: [gaussian_blur, invert, histogram],
}
