using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Workflows.Nodes.Code;

/// <summary>Section <c>Workflows:Code</c>: what a code node may return.</summary>
public sealed class CodeLimits
{
    /// <summary><c>CODE_MAX_NUMBER</c>.</summary>
    public long MaxNumber { get; set; } = long.MaxValue;

    /// <summary><c>CODE_MIN_NUMBER</c>.</summary>
    public long MinNumber { get; set; } = -long.MaxValue;

    /// <summary><c>CODE_MAX_PRECISION</c>: digits after the point.</summary>
    [Range(0, 400)]
    public int MaxPrecision { get; set; } = 20;

    /// <summary><c>CODE_MAX_DEPTH</c>: objects inside objects, the result itself included.</summary>
    [Range(1, 100)]
    public int MaxDepth { get; set; } = 5;

    /// <summary><c>CODE_MAX_STRING_LENGTH</c>: characters.</summary>
    [Range(1, 100_000_000)]
    public int MaxStringLength { get; set; } = 400_000;

    /// <summary><c>CODE_MAX_STRING_ARRAY_LENGTH</c>.</summary>
    [Range(1, 1_000_000)]
    public int MaxStringArrayLength { get; set; } = 30;

    /// <summary><c>CODE_MAX_OBJECT_ARRAY_LENGTH</c>.</summary>
    [Range(1, 1_000_000)]
    public int MaxObjectArrayLength { get; set; } = 30;

    /// <summary><c>CODE_MAX_NUMBER_ARRAY_LENGTH</c>.</summary>
    [Range(1, 1_000_000)]
    public int MaxNumberArrayLength { get; set; } = 1_000;
}
