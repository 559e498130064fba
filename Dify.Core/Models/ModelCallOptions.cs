using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Models;

/// <summary>Section <c>Models</c>: patience with providers. The time to connect is an option of Egress.</summary>
public sealed class ModelCallOptions
{
    /// <summary>Longest wait for the first piece of a streamed answer.</summary>
    [Range(1, 3600)]
    public int FirstByteSeconds { get; set; } = 60;

    /// <summary>Longest silence between two pieces.</summary>
    [Range(1, 3600)]
    public int IdleSeconds { get; set; } = 60;

    /// <summary>Longest wait for an answer that is not streamed, and for embeddings.</summary>
    [Range(1, 3600)]
    public int AnswerSeconds { get; set; } = 300;
}
