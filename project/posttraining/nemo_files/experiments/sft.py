"""Supervised fine-tuning, as in `sft.yaml`."""

from pconfigs.pinnable import Omitted
from project.posttraining.nemo_files.algorithms import SftConfig
from project.posttraining.nemo_files.data import (
    DataConfig,
    DefaultConfig,
    TrainConfig,
    ValidationConfig,
)
from project.posttraining.nemo_files.dtensor import DtensorConfig
from project.posttraining.nemo_files.experiments.grpo import config as grpo_config
from project.posttraining.nemo_files.logger import (
    LoggerConfig,
    MlflowConfig,
    SwanlabConfig,
    WandbConfig,
)
from project.posttraining.nemo_files.machines import CheckpointingConfig, ClusterConfig
from project.posttraining.nemo_files.megatron import (
    CheckpointConfig,
    MegatronConfig,
    OptimizerConfig,
    SchedulerConfig,
)
from project.posttraining.nemo_files.nemo_file import NemoFile, given
from project.posttraining.nemo_files.policy import (
    KwargsConfig,
    PolicyConfig,
    PolicyOptimizerConfig,
    SequencePackingConfig,
    TokenizerConfig,
)

config = NemoFile(
    grpo_config,
    grpo=Omitted,
    reward_penalties=Omitted,
    loss_fn=Omitted,
    checkpointing=CheckpointingConfig(
        grpo_config.checkpointing,
        checkpoint_dir="results/sft",
        metric_name="val:val_loss",
        higher_is_better=False,
        model_save_format=Omitted,
        save_consolidated=Omitted,
    ),
    policy=PolicyConfig(
        grpo_config.policy,
        model_name="meta-llama/Llama-3.2-1B",
        tokenizer=TokenizerConfig(
            grpo_config.policy.tokenizer,
            use_fastokens=Omitted,
            chat_template="{% for message in messages %}{%- if message['role'] == 'system'  %}{{'Context: ' + message['content'].strip()}}{%- elif message['role'] == 'user'  %}{{' Question: ' + message['content'].strip() + ' Answer:'}}{%- elif message['role'] == 'assistant'  %}{{' ' + message['content'].strip()}}{%- endif %}{% endfor %}",
        ),
        hf_config_overrides=Omitted,
        train_global_batch_size=32,
        train_micro_batch_size=1,
        generation_batch_size=Omitted,
        max_total_sequence_length=1024,
        logprob_chunk_size=Omitted,
        dtensor_cfg=DtensorConfig(
            grpo_config.policy.dtensor_cfg,
            env_vars={},
            dp_replicate_size=1,
        ),
        megatron_cfg=MegatronConfig(
            grpo_config.policy.megatron_cfg,
            model_overrides=Omitted,
            checkpoint=CheckpointConfig(
                grpo_config.policy.megatron_cfg.checkpoint,
                async_save=False,
                ckpt_assume_constant_structure=False,
            ),
            freeze_moe_router=False,
            moe_router_dtype=None,
            moe_router_load_balancing_type="aux_loss",
            moe_router_bias_update_rate=0.001,
            mtp_num_layers=Omitted,
            mtp_loss_scaling_factor=Omitted,
            mtp_use_repeated_layer=Omitted,
            mtp_detach_heads=Omitted,
            optimizer=OptimizerConfig(
                grpo_config.policy.megatron_cfg.optimizer,
                min_lr=4.9999e-06,
                weight_decay=0.1,
                adam_beta2=0.98,
                adam_eps=1e-05,
            ),
            scheduler=SchedulerConfig(
                grpo_config.policy.megatron_cfg.scheduler,
                lr_warmup_iters=50,
                lr_warmup_init=4.9999e-06,
            ),
            env_vars={},
        ),
        draft=Omitted,
        sequence_packing=SequencePackingConfig(
            grpo_config.policy.sequence_packing,
            enabled=False,
        ),
        optimizer=PolicyOptimizerConfig(
            given(grpo_config.policy.optimizer),
            kwargs=KwargsConfig(
                given(grpo_config.policy.optimizer).kwargs,
                weight_decay=0.1,
                betas=[0.9, 0.98],
                eps=1e-05,
                foreach=False,
                fused=False,
            ),
        ),
        scheduler=Omitted,
        generation=Omitted,
    ),
    data=DataConfig(
        grpo_config.data,
        use_multiple_dataloader=Omitted,
        train=TrainConfig(
            grpo_config.data.train,
            dataset_name="squad",
            split_validation_size=Omitted,
            split="train",
        ),
        validation=ValidationConfig(
            dataset_name="squad",
            split="validation",
            repeat=Omitted,
        ),
        default=DefaultConfig(
            grpo_config.data.default,
            prompt_file=None,
            processor="sft_processor",
            env_name=Omitted,
        ),
        add_bos=True,
        add_eos=True,
        add_generation_prompt=False,
    ),
    env=Omitted,
    logger=LoggerConfig(
        grpo_config.logger,
        num_val_samples_to_print=Omitted,
        wandb_enabled=True,
        tensorboard_enabled=True,
        wandb=WandbConfig(
            grpo_config.logger.wandb,
            project="sft-dev",
            name="sft-dev-squad",
            log_nemo_gym_full_result_tables=Omitted,
        ),
        swanlab=SwanlabConfig(
            grpo_config.logger.swanlab,
            project="sft-dev",
            name="sft-dev-squad",
        ),
        tensorboard={"log_dir": "tb_logs-sft-dev-squad"},
        mlflow=MlflowConfig(
            grpo_config.logger.mlflow,
            experiment_name="sft-dev",
            run_name="sft-dev-squad",
        ),
    ),
    cluster=ClusterConfig(
        grpo_config.cluster,
        master_port_range_low=Omitted,
        master_port_range_high=Omitted,
    ),
    data_plane=Omitted,
    on_policy_distillation=Omitted,
    sft=SftConfig(),
)
