using Dify.Core.Common;

namespace Dify.Core.Knowledge.Chunking;

/// <summary>Checks and completes rules that come from outside.</summary>
internal static class ProcessRules
{
    public const int MinLength = 50;
    public const int MaxLength = 4000;

    /// <exception cref="DifyException"><c>invalid_param</c> that names the value.</exception>
    public static ProcessRule Validated(this ProcessRule rule)
    {
        if (rule.Mode is not ("automatic" or "custom"))
        {
            throw DifyException.Invalid("process_rule.mode must be 'automatic' or 'custom'.");
        }

        if (rule.Mode == "automatic")
        {
            return new ProcessRule();
        }

        if (rule.MaxLength is < MinLength or > MaxLength)
        {
            throw DifyException.Invalid($"The maximum segment length must be {MinLength} to {MaxLength} characters.");
        }

        if (rule.Overlap < 0 || rule.Overlap >= rule.MaxLength)
        {
            throw DifyException.Invalid("The overlap must be 0 or more and below the maximum segment length.");
        }

        return rule.Separator is { Length: <= 100 }
            ? rule
            : throw DifyException.Invalid("The delimiter may have at most 100 characters.");
    }
}
