using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Dify.Core.Models.Calls;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers.OpenAiCompatible;

/// <summary>A client of OpenAI's embedding endpoint; reads vectors as numbers or as base64.</summary>
internal sealed class OpenAiWireEmbeddingGenerator(OpenAiWire wire, string model) : IEmbeddingGenerator<string, Embedding<float>>
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var list = await wire.PostEmbeddingsAsync(Write(values, options), OpenAiJson.Default.EmbeddingList, cancellationToken);
        var vectors = (list.Data ?? throw new ProviderCallException(ProviderFailure.Malformed, ""))
            .OrderBy(item => item.Index ?? 0)
            .Select(item => new Embedding<float>(Read(item.Embedding)) { ModelId = model });
        return new GeneratedEmbeddings<Embedding<float>>(vectors)
        {
            Usage = list.Usage is null ? null : new UsageDetails { InputTokenCount = list.Usage.PromptTokens, OutputTokenCount = 0 },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The connections belong to the client factory.
    }

    private ReadOnlyMemory<byte> Write(IEnumerable<string> values, EmbeddingGenerationOptions? options)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, model);
            json.WriteStartArray("input"u8);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
            json.WriteString("encoding_format"u8, "float"u8);
            if (options?.Dimensions is { } dimensions)
            {
                json.WriteNumber("dimensions"u8, dimensions);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static float[] Read(JsonElement embedding)
    {
        try
        {
            switch (embedding.ValueKind)
            {
                case JsonValueKind.String:
                    return MemoryMarshal.Cast<byte, float>(embedding.GetBytesFromBase64()).ToArray();
                case JsonValueKind.Array:
                    var vector = new float[embedding.GetArrayLength()];
                    var at = 0;
                    foreach (var number in embedding.EnumerateArray())
                    {
                        vector[at++] = number.GetSingle();
                    }

                    return vector;
                default:
                    throw new ProviderCallException(ProviderFailure.Malformed, "");
            }
        }
        catch (Exception failure) when (failure is FormatException or InvalidOperationException)
        {
            throw new ProviderCallException(ProviderFailure.Malformed, "", failure);
        }
    }
}
