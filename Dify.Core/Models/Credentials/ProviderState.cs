using Dify.Core.Models.Providers;

namespace Dify.Core.Models.Credentials;

public enum ProviderStatus
{
    NotConfigured,
    Ready,

    /// <summary>Credentials are stored but cannot be opened (master key lost, row damaged).</summary>
    Unreadable,
}

/// <summary>A provider as the settings page shows it.</summary>
/// <param name="Problem">What to do when <see cref="ProviderStatus.Unreadable"/>.</param>
/// <param name="Hints">By field: plain values as they are, secrets as their last characters. Empty for members who may not manage models.</param>
public sealed record ProviderState(
    ProviderSchema Schema, ProviderStatus Status, string? Problem, IReadOnlyDictionary<string, string> Hints,
    IReadOnlyList<ModelDescriptor> Models, DateTimeOffset? CheckedAt);
