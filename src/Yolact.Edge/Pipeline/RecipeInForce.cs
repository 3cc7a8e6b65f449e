using Yolact.Edge.Capture.Triggers;

namespace Yolact.Edge.Pipeline;

/// <summary>Hands out the recipe that new frames are processed by, and exchanges it between two frames. Safe for use from several threads.</summary>
/// <param name="first">The recipe to begin with; this object's from now on.</param>
public sealed class RecipeInForce(Recipe first) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Recipe _current = first;
    private Recipe? _ofEdge;
    private long _edge;

    /// <summary>The recipe of the next frame.</summary>
    public Recipe Current
    {
        get
        {
            lock (_lock)
                return _current;
        }
    }

    /// <summary>From the next captured frame on another recipe is used; frames that were captured before are finished by the one before.</summary>
    /// <param name="recipe">This object's from now on.</param>
    /// <returns>The recipe that ends; its <see cref="Recipe.Freed"/> tells when its last frame is done.</returns>
    public Recipe Swap(Recipe recipe)
    {
        Recipe before;
        lock (_lock)
            (before, _current) = (_current, recipe);
        before.Release();
        return before;
    }

    /// <summary>The recipe for a frame. All frames of an edge get the one whose rules promised the edge's pulses.</summary>
    /// <param name="captured">The frame; it is a user of the recipe until somebody releases it.</param>
    public Recipe For(in CapturedFrame captured)
    {
        lock (_lock)
        {
            Recipe recipe = captured.Index > 0 && captured.Edge?.Id == _edge && _ofEdge is { } promised ? promised : _current;
            if (captured.Edge is { } edge && captured.Index == 0)
            {
                _ofEdge?.Release();
                (_ofEdge, _edge) = (recipe, edge.Id);
                recipe.Use();
            }
            recipe.Use();
            return recipe;
        }
    }

    /// <summary>Frees the recipe. Nobody asks for one any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _ofEdge?.Release();
        _current.Release();
        await _current.Freed;
    }
}
