using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Dify.Web.Endpoints;

/// <summary>Values by field name, as <c>base_url</c> and <c>api_key</c>.</summary>
internal sealed record CredentialsRequest(Dictionary<string, JsonNode?>? Credentials);

internal sealed record DefaultModelRequest([property: JsonPropertyName("model_settings")] List<DefaultModelSetting>? ModelSettings);

internal sealed record DefaultModelSetting([property: JsonPropertyName("model_type")] string? ModelType, string? Provider, string? Model);
