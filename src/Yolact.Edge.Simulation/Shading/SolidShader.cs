using System.Numerics;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Parts;

namespace Yolact.Edge.Simulation.Shading;

/// <summary>Lights one solid's px: normal from its form, marks and rust from noise, light from the
/// <see cref="LightRig"/>.</summary>
internal sealed class SolidShader(LightRig light)
{
    private static readonly Vector3 RustDark = new(0.20f, 0.11f, 0.07f);
    private static readonly Vector3 RustBright = new(0.45f, 0.25f, 0.13f);

    /// <summary>Paints a solid over what the sprite holds already.</summary>
    /// <param name="sprite">Painted onto.</param>
    /// <param name="solid">What to paint.</param>
    /// <param name="part">The part it belongs to.</param>
    /// <param name="toBelt">From the part's axes to the belt's px.</param>
    /// <param name="area">The px that <paramref name="coverage"/> and <paramref name="height"/> cover.</param>
    /// <param name="coverage">The solid's outline, 0..255.</param>
    /// <param name="height">For a bevel: the blurred outline, 0..1; else empty.</param>
    /// <param name="random">The part's noise offsets and tilts are drawn from it.</param>
    public void Shade(PartSprite sprite, Solid solid, in PartSpec part, Matrix3x2 toBelt, PixelRect area,
        ReadOnlySpan<byte> coverage, ReadOnlySpan<float> height, ref SeededRandom random)
    {
        Matrix3x2.Invert(toBelt, out Matrix3x2 toPart);
        var tilt = new Vector2(random.Range(-0.09, 0.09), random.Range(-0.09, 0.09));
        float swell = random.Range(0.05, 0.25) / part.Size;
        var noise = new Vector2(random.Range(0, 256), random.Range(0, 256));
        float bevel = (2 * MathF.Ceiling(solid.Surface.Width)) + 1;
        PixelRect bounds = sprite.Bounds;
        for (int y = Math.Max(area.Y, bounds.Y); y < Math.Min(area.Bottom, bounds.Bottom); y++)
        {
            for (int x = Math.Max(area.X, bounds.X); x < Math.Min(area.Right, bounds.Right); x++)
            {
                int at = ((y - area.Y) * area.Width) + x - area.X;
                int alpha = (int)(coverage[at] * solid.Opacity);
                if (alpha == 0)
                    continue;
                Vector2 local = Vector2.Transform(new Vector2(x + 0.5f, y + 0.5f), toPart);
                float deep = 1;
                Vector2 normal;
                if (solid.Surface.Kind == SurfaceKind.Bevel)
                {
                    // The blurred outline rises inward: its gradient, scaled by the blur's width, is the slope of a rounded edge.
                    normal = BevelNormal(height, at, area.Width, bevel * solid.Surface.Slope);
                    deep = 0.75f + (0.25f * MathF.Min(1, height[at] * 1.25f));
                }
                else
                {
                    normal = Vector2.TransformNormal(CurvedNormal(solid.Surface, local, ref deep), toBelt);
                }
                normal += tilt + (Vector2.TransformNormal(local, toBelt) * swell);
                Vector3 color = Light(solid.Material, solid.Surface.Center, normal, local, toBelt, noise);
                Blend(sprite.Color, (((y - bounds.Y) * bounds.Width) + x - bounds.X) * 4, color * (deep * solid.Exposure), alpha);
            }
        }
    }

    private static Vector2 BevelNormal(ReadOnlySpan<float> height, int at, int width, float strength)
    {
        float gx = height[at + 1] - height[at - 1], gy = height[at + width] - height[at - width];
        return new Vector2(-gx, -gy) * (0.5f * strength);
    }

    private static Vector2 CurvedNormal(in Surface surface, Vector2 local, ref float deep)
    {
        Vector2 from = local - surface.Center;
        float distance;
        switch (surface.Kind)
        {
            case SurfaceKind.Cylinder:
                var side = new Vector2(-surface.Axis.Y, surface.Axis.X);
                Vector2 normal = side * (Vector2.Dot(from, side) / surface.Radius);
                if (surface.Pitch > 0)
                {
                    float phase = MathF.Tau
                        * (Vector2.Dot(from, surface.Axis) + (0.12f * Vector2.Dot(from, side))) / surface.Pitch;
                    (float sin, float cos) = MathF.SinCos(phase);
                    normal += surface.Axis * (0.55f * sin);
                    deep *= 0.82f + (0.18f * cos);
                }
                return normal;
            case SurfaceKind.Torus:
                distance = MathF.Max(1e-3f, from.Length());
                return from * ((distance - surface.Radius) / (surface.Width * distance));
            case SurfaceKind.Sphere:
                return from / surface.Radius;
            default:
                distance = MathF.Max(1e-3f, from.Length());
                return from * (surface.Slope / distance);
        }
    }

    private Vector3 Light(in Material material, Vector2 center, Vector2 normal, Vector2 local, Matrix3x2 toBelt, Vector2 noise)
    {
        // Patches some 30 px wide: uneven rolling, stains; grain of one px along or around.
        float patch = NoiseTile.Smooth((local.X * 0.9f) + noise.X, (local.Y * 0.9f) + noise.Y) - 0.5f;
        float broad = NoiseTile.Smooth((local.X * 0.35f) + noise.Y, (local.Y * 0.35f) + noise.X);
        normal += new Vector2(patch, broad - 0.5f) * 0.10f;
        float length = normal.Length();
        if (length > 0.97f)
            normal *= 0.97f / length;

        float marks = 0, gloss = 0;
        if (material.Grain == Grain.Linear)
        {
            marks = NoiseTile.Grain((local.X * 0.06f) + noise.X, (local.Y * 1.1f) + noise.Y) - 0.5f;
        }
        else if (material.Grain == Grain.Turned)
        {
            Vector2 from = local - center;
            float radius = MathF.Max(0.5f, from.Length());
            marks = NoiseTile.Grain((radius * 1.3f) + noise.X, noise.Y) - 0.5f;
            // Kajiya-Kay: fine grooves shine where the half vector is square to them, which makes the bow tie of turned faces.
            Vector2 tangent = Vector2.TransformNormal(new Vector2(-from.Y, from.X) / radius, toBelt);
            float along = (tangent.X * light.Half.X) + (tangent.Y * light.Half.Y);
            float square = 1 - (along * along / MathF.Max(1e-3f, (light.Half.X * light.Half.X) + (light.Half.Y * light.Half.Y)));
            gloss = (square * square * square) - 0.3f;
        }
        else
        {
            marks = (NoiseTile.White((int)(local.X + 500 + noise.X), (int)(local.Y + 500 + noise.Y)) - 0.5f) * 0.35f;
        }

        float matt = light.Matt(normal.X, normal.Y);
        float metal = light.Metal(normal.X, normal.Y, material.Roughness);
        float shine = 0.35f * (1 - material.Roughness) * MathF.Max(0, metal - 0.75f);
        float strength = material.Grain == Grain.None ? 0.35f : material.GrainStrength;
        float lit = (material.Metal * metal) + ((1 - material.Metal) * matt);
        lit *= 1 + (strength * ((0.35f * marks) + (0.38f * gloss))) + (0.25f * patch);
        Vector3 color = (material.Color * lit) + new Vector3(shine * (1 - material.Metal));
        color *= 1 - (material.Dirt * MathF.Max(0, 0.62f - broad - (0.3f * patch)) * 1.6f);
        if (material.Rust > 0)
        {
            float rust = Math.Clamp((broad + (0.5f * patch) - (0.78f - (0.5f * material.Rust))) * 7, 0, 1) * 0.85f;
            float grit = NoiseTile.White((int)(local.X + 700 + noise.Y), (int)(local.Y + 700)) * 0.5f;
            color = Vector3.Lerp(color,
                Vector3.Lerp(RustDark, RustBright, Math.Clamp(0.5f + patch + grit - 0.25f, 0, 1)) * (0.4f + matt), rust);
        }
        return color;
    }

    private static void Blend(byte[] target, int at, Vector3 color, int alpha)
    {
        color = Vector3.Clamp(color, Vector3.Zero, Vector3.One) * alpha;
        int keep = 255 - alpha;
        target[at] = (byte)(color.Z + (target[at] * keep / 255f) + 0.5f);
        target[at + 1] = (byte)(color.Y + (target[at + 1] * keep / 255f) + 0.5f);
        target[at + 2] = (byte)(color.X + (target[at + 2] * keep / 255f) + 0.5f);
        target[at + 3] = (byte)(alpha + (target[at + 3] * keep / 255f) + 0.5f);
    }
}
