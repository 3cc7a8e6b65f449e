namespace Yolact.Edge.Models;

/// <summary>What arrived is not the model that was asked for, or not signed by whom it must be; trying again does not help.</summary>
public sealed class ModelRefusedException : Exception
{
    /// <summary>An error with a message.</summary>
    /// <param name="message">What happened, to what, and what to do.</param>
    public ModelRefusedException(string message)
        : base(message)
    {
    }
}
