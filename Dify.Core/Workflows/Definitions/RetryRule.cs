namespace Dify.Core.Workflows.Definitions;

/// <summary>Further attempts of a node that failed, each after waiting <paramref name="Interval"/>.</summary>
public readonly record struct RetryRule(int MaxRetries, TimeSpan Interval)
{
    public static RetryRule Never => default;
}
